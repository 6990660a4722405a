"""What a plug-in says of itself, and which plug-in API it was written for."""

from dataclasses import dataclass

from packaging.specifiers import InvalidSpecifier, SpecifierSet

API = "1.3"
"""The version of the plug-in API.

The first number rises when something is taken away, the second when something is added.
"""


@dataclass(frozen=True)
class Plugin:
    """Stands in a plug-in's file as `PLUGIN`.

    `name`: for people. `version`: of the plug-in. `api`: the range of plug-in API versions it works with, such as
    ">=1.0,<2".
    """

    name: str
    version: str
    api: str
    description: str = ""
    author: str = ""

    def why_not(self) -> str:
        """Why it can't be loaded by this Kontor, as a sentence; "" if it can."""
        if not (self.name and self.version):
            return "PLUGIN needs a name and a version."
        try:
            wanted = SpecifierSet(self.api)
        except InvalidSpecifier:
            return f"PLUGIN names the range of API versions as {self.api!r}; it is written as in '>=1.0,<2'."
        if API in wanted:
            return ""
        return f"It is written for the plug-in API {self.api}, and this Kontor has {API}."
