"""The page `/api/docs`: every operation of the API, written from its OpenAPI description, with no script at all
(API-1).
"""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import DictLoader, Environment, select_autoescape

from backoffice_app.api.describe import describe
from backoffice_app.marks import public
from backoffice_app.settings import settings

POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Kontor API</title><link rel="stylesheet" href="{{ base }}/docs.css"></head>
<body><main>
<h1>Kontor API</h1>
<p>{{ spec.info.description }}</p>
<p>Machine-readable: <a href="{{ base }}/v1/openapi.json">{{ base }}/v1/openapi.json</a>. Make a key with
<code>kontor api-key create NAME --scope orders:write</code> and send it as <code>Authorization: Bearer KEY</code>.</p>
{% for o in operations %}
<section id="{{ o.id }}"><h2><code>{{ o.method }} {{ base }}{{ o.path }}</code></h2>
<p>{{ o.description }}</p>
<p>Scope: <code>{{ o.scope }}</code></p>
{% if o.parameters %}<table><caption>Parameters</caption>
<thead><tr><th scope="col">Name</th><th scope="col">In</th><th scope="col">Meaning</th></tr></thead>
<tbody>{% for p in o.parameters %}
<tr><td><code>{{ p.name }}</code></td><td>{{ p["in"] }}</td><td>{{ p.description or "" }}</td></tr>
{% endfor %}</tbody></table>
{% endif %}
{% if o.body %}<p>Body: <a href="#{{ o.body }}"><code>{{ o.body }}</code></a></p>{% endif %}
<ul>{% for code, answer in o.answers %}<li><code>{{ code }}</code> {{ answer.text }}{% if answer.model %}:
<a href="#{{ answer.model }}"><code>{{ answer.model }}</code></a>{% endif %}</li>{% endfor %}</ul>
</section>
{% endfor %}
<h2>Example</h2>
<pre><code>curl {{ url }}{{ base }}/v1/orders -H "Authorization: Bearer KEY" -H "Idempotency-Key: 7f3c" \\
     -H "Content-Type: application/json" --data @order.json</code></pre>
<h2>Objects</h2>
{% for name, model in models %}
<section id="{{ name }}"><h3><code>{{ name }}</code></h3><p>{{ model.description or "" }}</p>
<table><thead><tr><th scope="col">Field</th><th scope="col">Kind</th><th scope="col">Must be there</th></tr></thead>
<tbody>{% for field in model.fields %}<tr><td><code>{{ field.name }}</code></td>
<td>{% if field.model %}<a href="#{{ field.model }}">{{ field.kind }}</a>{% else %}{{ field.kind }}{% endif %}</td>
<td>{{ "yes" if field.required else "" }}</td></tr>{% endfor %}</tbody></table></section>
{% endfor %}
</main></body></html>"""
STYLE = """:root{color-scheme:light dark}
body{margin:0;font:16px/1.5 system-ui,sans-serif}
body{color:light-dark(#1c2024,#edeef0);background:light-dark(#fcfcfd,#111113)}
main{max-width:56rem;margin:0 auto;padding:1.5rem 1rem 4rem}
h1{font-size:1.75rem}h2{font-size:1.2rem;margin-top:2.5rem}h3{font-size:1rem;margin-top:2rem}
a{color:light-dark(#3a5bc7,#9eb1ff)}code{font-family:ui-monospace,monospace;font-size:.9em;overflow-wrap:anywhere}
pre{overflow-x:auto;padding:1rem;border-radius:8px;background:light-dark(#f0f0f3,#212225)}
table{border-collapse:collapse;width:100%;display:block;overflow-x:auto}caption{text-align:left;font-weight:600}
th,td{text-align:left;vertical-align:top;padding:.35rem .75rem .35rem 0}
th,td{border-bottom:1px solid light-dark(#d9d9e0,#363a3f)}"""
_templates = Environment(loader=DictLoader({"docs": PAGE}), autoescape=select_autoescape(default=True))
router = APIRouter(include_in_schema=False)


@router.get("/docs")
@public
def docs(request: Request) -> HTMLResponse:
    """Every operation with its scope, parameters, body and answers."""
    base, spec = request.scope.get("root_path", ""), describe(request.app)
    text = _templates.get_template("docs").render(
        base=base, url=settings().public_url, spec=spec, operations=_operations(spec), models=_models(spec)
    )
    return HTMLResponse(text, headers={"Content-Security-Policy": POLICY})


@router.get("/docs.css")
@public
def style() -> Response:
    """The page's style sheet."""
    return Response(STYLE, media_type="text/css")


def _operations(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "id": operation["operationId"],
            "method": method.upper(),
            "path": path,
            "description": operation.get("description") or operation["summary"],
            "scope": operation.get("x-scope", ""),
            "parameters": operation.get("parameters", []),
            "body": _model(operation.get("requestBody", {})),
            "answers": [
                (code, {"text": answer["description"], "model": _model(answer)})
                for code, answer in sorted(operation["responses"].items())
            ],
        }
        for path, methods in spec["paths"].items()
        for method, operation in methods.items()
    ]


def _model(part: dict[str, Any]) -> str:
    schemas = [content["schema"] for content in part.get("content", {}).values()]
    return str(schemas[0].get("$ref", "")).rpartition("/")[2] if schemas else ""


def _models(spec: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (name, {"description": schema.get("description"), "fields": _fields(schema)})
        for name, schema in sorted(spec["components"]["schemas"].items())
        if "properties" in schema
    ]


def _fields(schema: dict[str, Any]) -> list[dict[str, Any]]:
    required = schema.get("required", [])
    return [
        {"name": name, "required": name in required} | _kind(field)
        for name, field in schema["properties"].items()
    ]


def _kind(field: dict[str, Any]) -> dict[str, str]:
    whole = _not_null(field)
    inner = _not_null(whole.get("items", whole))
    model = str(inner.get("$ref", "")).rpartition("/")[2]
    kind = (
        model
        or " or ".join(map(str, inner.get("enum", [])))
        or str(inner.get("format") or inner.get("type", ""))
    )
    example = f", such as {inner['examples'][0]}" if inner.get("examples") else ""
    return {"kind": ("array of " if "items" in whole else "") + kind + example, "model": model}


def _not_null(schema: dict[str, Any]) -> dict[str, Any]:
    options: list[dict[str, Any]] = [
        option for option in schema.get("anyOf", [schema]) if option.get("type") != "null"
    ]
    return options[0] if options else {}
