"""Reads the body of a call for tokens, and prints what botocore's own model of the service makes of it.

The body is on standard input. Printed is what the model finds wrong, or else the request that botocore would have sent.
"""

import json
import re
import sys

from botocore.serialize import create_serializer
from botocore.session import Session
from botocore.validate import ParamValidator

model = Session().get_service_model("signin")
operation = model.operation_model("CreateOAuth2Token")
wrapped = {"tokenInput": json.load(sys.stdin)}
faults = [ParamValidator().validate(wrapped, operation.input_shape).generate_report()]
# These two are not looked at by botocore itself.
for name, shape in operation.input_shape.members["tokenInput"].members.items():
    value = wrapped["tokenInput"].get(name)
    if value is not None and len(value) > shape.metadata.get("max", len(value)):
        faults.append(f"{name} is too long")
    if value is not None and not re.fullmatch(shape.metadata.get("pattern", ".*"), value):
        faults.append(f"{name} is not like {shape.metadata['pattern']}")
faults = [fault for fault in faults if fault]
answer = {"faults": faults}
if not faults:
    sent = create_serializer(model.metadata["protocol"]).serialize_to_request(wrapped, operation)
    answer["body"] = json.loads(sent["body"])
    answer["path"], answer["method"] = sent["url_path"], sent["method"]
    answer["type"] = sent["headers"]["Content-Type"]
print(json.dumps(answer))
