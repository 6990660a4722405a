"""What the exported UI leaves out, so that a first load stays small (P-8)."""

from pathlib import Path

import pytest
from reflex.compiler import utils
from reflex_base.registry import RegistrationContext

from backoffice_app import web
from backoffice_app.slim_export import SlimExport, without_emotion, without_names

PLAIN = (
    'import {Fragment} from "react"\nimport {jsx} from "@emotion/react"\njsx("p",{className:"hint"},"Hello")'
)
STYLED = PLAIN.replace("className:", 'css:({ ["color"] : "red" }),className:')


def test_p8_elements_without_styles_are_made_by_react_itself() -> None:
    written = without_emotion(PLAIN)

    assert "emotion" not in written
    assert 'import {createElement as jsx} from "react"' in written
    assert written.endswith('jsx("p",{className:"hint"},"Hello")')


def test_ext1_a_component_of_a_plug_in_keeps_its_styles() -> None:
    assert without_emotion(STYLED) == STYLED


def test_p8_an_export_writes_each_file_so_and_bundles_no_library_for_components_of_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(utils, "write_file", lambda path, code: Path(path).write_text(code, "utf-8"))
    context = RegistrationContext.ensure_context()
    bundled = list(context.bundled_libraries)
    try:
        SlimExport().pre_compile()
        utils.write_file(tmp_path / "page.jsx", PLAIN)
        assert context.bundled_libraries == []
    finally:
        context.bundled_libraries[:] = bundled

    assert (tmp_path / "page.jsx").read_text("utf-8") == without_emotion(PLAIN)


@pytest.mark.parametrize("library", ["emotion", "radix"])
def test_p8_no_page_of_kontor_loads_what_only_styles(library: str) -> None:
    scripts = list((web.ui_dir() / "build/client/assets").glob("*.js"))

    assert scripts
    assert [script.name for script in scripts if library in script.read_text("utf-8")] == []


def test_p8_components_keep_their_names_to_themselves() -> None:
    written = without_names(
        f'export const Notice_70f141fa = memo(() => null);\nNotice_70f141fa.displayName = "Notice_70f141fa";\n{PLAIN}'
    )

    assert written == f"export const Notice_70f141fa = memo(() => null);\n{PLAIN}"


@pytest.mark.parametrize("used_by_others", ["setDisableHeaderCheck", "createBidirectionalStream"])
def test_p8_no_page_of_kontor_loads_a_transport_that_its_socket_does_not_use(used_by_others: str) -> None:
    """Long polling and WebTransport: each is known by a word of its own."""
    scripts = list((web.ui_dir() / "build/client/assets").glob("*.js"))

    assert scripts
    assert [script.name for script in scripts if used_by_others in script.read_text("utf-8")] == []
