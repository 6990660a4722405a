"""Buttons that wait: a pressed one is busy, and can't be pressed again, until what it does was answered or the connection is lost."""

import reflex as rx
from reflex_components_core.core.window_events import WindowEventListener

from backoffice_app.ui.kinds import Event, Flag

WAITS = "waits"
"""The class of a button that waits."""
_SIGN = "answers"
_PRESS: rx.Var[int] = rx.Var(f"Number(document.getElementById('{_SIGN}').dataset.press)").to(int)

# In the browser alone, so that it is so at once and nobody waits longer for the answer: a press goes its way, and behind it, once a form
# has sent its fields too, the question that the server answers after it. The style sheet shows it when it takes long.
_LISTEN = f"""useEffect(() => {{
    let waiting = [], last = Date.now();
    const sign = () => document.getElementById("{_SIGN}");
    const press = (e) => {{
        const button = e.target.closest?.(".{WAITS}");
        if (!button) return;
        if (button.ariaBusy === "true") {{ e.preventDefault(); e.stopImmediatePropagation(); return; }}
        button.ariaBusy = "true";
        waiting.push([button, ++last]);
        setTimeout(() => {{ sign().dataset.press = last; sign().click(); }});
    }};
    const answer = () => {{
        const {{lost, last: reached}} = sign()?.dataset ?? {{lost: "true"}};
        const done = ([, at]) => lost === "true" || at <= Number(reached);
        for (const [button] of waiting.filter(done)) button.ariaBusy = null;
        waiting = waiting.filter((one) => !done(one));
    }};
    const answers = new MutationObserver(answer);
    answers.observe(document, {{subtree: true, attributeFilter: ["data-last", "data-lost"]}});
    window.addEventListener("click", press, true);
    return () => {{ answers.disconnect(); window.removeEventListener("click", press, true); }};
}}, [])"""


def waiting(last: rx.Var[int], lost: Flag, *, on_press: Event) -> rx.Component:
    """Stands once on each page. `last`: the last press that was answered; `on_press` gets a press to answer; `lost`: none will be."""
    sign = rx.el.span(id=_SIGN, hidden=True, on_click=on_press(_PRESS), custom_attrs={"data-last": last, "data-lost": lost})
    return rx.fragment(WindowEventListener.create(hooks=[_LISTEN]), sign)
