"""Makes the calls of STS that nobody signs through botocore's own client, and prints what it makes of the answers.

Standard input is a JSON list of calls, each an operation by the name of its method, and its parameters. Printed is a
list of as many answers, each with the names in it that are not in the model, or errors.
"""

import json
import sys
from xml.etree import ElementTree

from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.session import Session

client = Session().create_client("sts", "us-east-1", config=Config(retries={"total_max_attempts": 1}))
bodies = []
client.meta.events.register_first("before-parse.sts.*", lambda response_dict, **_: bodies.append(response_dict["body"]))


def unknown(shape, element):
    """What is in an answer and not in the model of it."""
    found = []
    for child in element:
        name = child.tag.rpartition("}")[2]
        member = shape.members.get(name) if shape.type_name == "structure" else None
        found += [name] if member is None else unknown(member, child)
    return found


def call(operation, parameters):
    model = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[operation])
    try:
        answer = getattr(client, operation)(**parameters)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        # Its own exception, or one for all that the model does not know.
        return {"exception": type(error).__name__, "code": code}
    del answer["ResponseMetadata"]
    [result] = [child for child in ElementTree.fromstring(bodies.pop()) if child.tag.endswith("Result")]
    return {"answer": answer, "unknown": unknown(model.output_shape, result)}


print(json.dumps([call(*each) for each in json.load(sys.stdin)], default=str))
