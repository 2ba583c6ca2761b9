"""Prisons by their code, with the word of their name that tells them apart.

Only to notice a code that contradicts the name beside it; a prison that is not here is no error.
"""

_TABLE = """
ACI=Altcourse AGI=Askham ASI=Ashfield AYI=Aylesbury BAI=Belmarsh BCI=Buckley BFI=Bedford
BLI=Bristol BMI=Birmingham BNI=Bullingdon BSI=Brinsford BWI=Berwyn BXI=Brixton
BZI=Bronzefield CDI=Chelmsford CFI=Cardiff CWI=Channings DAI=Dartmoor DGI=Dovegate
DMI=Durham DNI=Doncaster DTI=Deerbolt DWI=Downview EEI=Erlestoke EWI=Eastwood EXI=Exeter
EYI=Elmley FHI=Foston FKI=Frankland FMI=Feltham FNI=Sutton FSI=Featherstone FWI=Wells
GHI=Garth GMI=Guys GNI=Grendon GTI=Gartree HCI=Huntercombe HDI=Hatfield HEI=Hewell
HHI=Holme HII=Hindley HLI=Hull HMI=Humber HPI=Highpoint HVI=Haverigg KMI=Kirkham
KVI=Kirklevington LCI=Leicester LEI=Leeds LFI=Lancaster LGI=Lowdham LHI=Lindholme
LII=Lincoln LPI=Liverpool LTI=Littlehey LWI=Lewes LYI=Leyhill MDI=Moorland MHI=Morton
MRI=Manchester MSI=Maidstone NLI=Northumberland NMI=Nottingham NWI=Norwich ONI=Onley
OWI=Oakwood PDI=Portland PNI=Preston PRI=Parc PVI=Pentonville PYI=Prescoed RNI=Ranby
RSI=Risley SFI=Stafford SKI=Stocken SLI=Swaleside SNI=Swinfen STI=Styal SUI=Sudbury
SWI=Swansea TSI=Thameside WCI=Winchester WDI=Wakefield WEI=Wealstun WHI=Woodhill
WLI=Wayland WMI=Wymott WNI=Werrington WRI=Whitemoor WSI=Wormwood WTI=Whatton
WWI=Wandsworth WYI=Wetherby
"""
NAMES = dict(pair.split("=") for pair in _TABLE.split())


def named_otherwise(code: str | None, name: str | None) -> bool:
    """Whether the name is another prison's than the code's."""
    words = set((name or "").replace("(", " ").split())
    own = NAMES.get(code or "")
    return own is not None and own not in words and not words.isdisjoint(NAMES.values())
