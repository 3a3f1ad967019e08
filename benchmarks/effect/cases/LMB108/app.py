from jinja2 import Template

GREETING = """\
Dear {{ name }},
{% for line in lines %}
{{ line.quantity }} x {{ line.sku }}{% if line.note %} ({{ line.note }}){% endif %}
{% endfor %}
Yours, the shop
"""


def lambda_handler(event, context):
    template = Template(GREETING)
    return template.render(name=event["name"], lines=event["lines"])
