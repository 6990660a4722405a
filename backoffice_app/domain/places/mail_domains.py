"""Mistyped domains of e-mail addresses: near those that most people have, and none that is one itself (W-20)."""

import re

from backoffice_app.domain.places.locate import differs_by_one
from backoffice_app.domain.places.names import words

COMMON = words(
    "gmail.com googlemail.com hotmail.com hotmail.de hotmail.fr hotmail.it hotmail.co.uk hotmail.nl "
    "hotmail.be hotmail.es hotmail.ch "
    "outlook.com outlook.de outlook.fr outlook.it outlook.at outlook.es live.com live.de live.nl live.fr "
    "live.it live.be live.co.uk "
    "yahoo.com yahoo.de yahoo.fr yahoo.it yahoo.es yahoo.co.uk yahoo.at icloud.com me.com mac.com msn.com "
    "aol.com aol.de "
    "gmx.de gmx.net gmx.at gmx.ch gmx.com web.de t-online.de freenet.de arcor.de online.de posteo.de "
    "mailbox.org vodafone.de "
    "kabelmail.de unitybox.de ewe.net proton.me protonmail.com a1.net aon.at chello.at bluewin.ch sunrise.ch "
    "hispeed.ch ziggo.nl "
    "kpnmail.nl planet.nl xs4all.nl home.nl telenet.be skynet.be proximus.be orange.fr wanadoo.fr free.fr "
    "laposte.net sfr.fr "
    "bbox.fr neuf.fr libero.it virgilio.it alice.it tiscali.it tin.it fastwebnet.it btinternet.com sky.com "
    "virginmedia.com talktalk.net "
    "ntlworld.com wp.pl onet.pl interia.pl o2.pl op.pl poczta.onet.pl gazeta.pl tlen.pl"
)
"""Domains of mail that people have, the ones that are mistyped."""
REAL = words(
    "mail.com mail.de email.de email.com ymail.com rocketmail.com mail.ru gmx.fr gmx.us gmx.info gmx.biz "
    "gmx.eu gmx.li email.it mail.it "
    "inbox.com live.at live.ch live.se live.dk live.ie live.ca live.com.au icloud.de "
    "hotmail.at hotmail.se hotmail.dk hotmail.pl hotmail.gr "
    "outlook.be outlook.ie outlook.pt outlook.dk yahoo.ie yahoo.gr yahoo.ca yahoo.pl yahoo.ro yahoo.se "
    "yahoo.dk yahoo.in yahoo.com.br "
    "aim.com msn.de hey.com free.de sfr.com orange.pl orange.be home.pl home.se sky.de sky.it tin.at webb.de "
    "online.no online.fr "
    "planet.fr tele.at web.at web.ch web.com web.fr web.it me.uk wp.com ok.de o2.de o2.co.uk o2online.de "
    "op.com freemail.de mac.de "
    "bluemail.ch posteo.net posteo.org posteo.at posteo.eu mailbox.de proton.ch pm.me tutanota.com tuta.io "
    "tuta.com example.com"
)
"""Domains that look like mistyped ones and are none."""
ONE_TLD = {
    "gmail": "gmail.com",
    "googlemail": "googlemail.com",
    "icloud": "icloud.com",
    "t-online": "t-online.de",
}
"""Names of which there is one domain only: with another ending they are wrong."""
WRONG_ENDINGS = {
    "con": "com",
    "cmo": "com",
    "comm": "com",
    "ocm": "com",
    "vom": "com",
    "cim": "com",
    "xom": "com",
    "dee": "de",
    "ed": "de",
}
"""Endings that no domain has -> what was meant."""


def meant_by(email: str) -> str:
    """The domain that was probably meant, such as "gmail.com" for anna@gmial.com; "" where nothing looks mistyped."""
    domain = email.rpartition("@")[2].strip().rstrip(".").casefold()
    if not domain or "@" not in email or domain in COMMON or domain in REAL:
        return ""
    name, _dot, ending = domain.rpartition(".")
    if name in ONE_TLD and not re.search(r"\.(?:co|com)\.", domain):
        return ONE_TLD[name]
    mended = f"{name}.{WRONG_ENDINGS.get(ending, ending)}" if name else domain
    if mended != domain:
        return min((known for known in COMMON if _is_near(mended, known)), default=mended)
    if not name:
        return next((known for known in sorted(COMMON) if known.replace(".", "") == domain), "")
    return min((known for known in COMMON if _is_near(domain, known)), default="")


def _is_near(domain: str, known: str) -> bool:
    """One letter apart, of a name that is long enough to be told from others; the ending must be right, or be what is
    wrong.
    """
    if domain == known:
        return True
    name, _dot, ending = domain.rpartition(".")
    other, _dot, right = known.rpartition(".")
    if ending == right:
        return len(other) >= 5 and differs_by_one(name, other)
    return name == other and len(name) >= 5 and ending not in ENDINGS and differs_by_one(ending, right)


ENDINGS = words(
    "at be ch cz de dk es eu fi fr gr hu ie it lu net nl no org pl pt ro ru se sk uk us ca co com info io me"
)
"""Endings that are right in themselves."""
