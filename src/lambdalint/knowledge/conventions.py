"""How handlers and their parameters are called where no description names them."""

from __future__ import annotations

import re

NAMES = re.compile(
    r"^(lambda_handler|handler|handle|lambdahandler|lambda_function|\w+_handler|handler_\w+|\w+Handler)$"
)
EVENT = re.compile(
    r"^_*(event|evt|ev|e|events|lambda_event|aws_event|sns_event|sqs_event|s3_event|raw_event|input_event|event_data|event_dict|payload|data|request|req|message|record|input|body)_*$|^_+$|^\w*_?event$",
    re.I,
)
CONTEXT = re.compile(r"^_*(context|ctx|cntxt|contex|contxt|lambda_context|aws_context|c|_)_*$|^\w*_context$", re.I)
