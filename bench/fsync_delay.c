/* Preloaded into a server: every fsync and fdatasync takes FSYNC_DELAY_MS longer, as on a disk
   that really has to write. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

static void wait_first(void) {
    const char *text = getenv("FSYNC_DELAY_MS");
    double ms = text ? atof(text) : 0;
    struct timespec delay = {(time_t)(ms / 1000), (long)(ms * 1e6) % 1000000000L};
    nanosleep(&delay, NULL);
}

int fsync(int fd) {
    wait_first();
    return ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(fd);
}

int fdatasync(int fd) {
    wait_first();
    return ((int (*)(int))dlsym(RTLD_NEXT, "fdatasync"))(fd);
}
