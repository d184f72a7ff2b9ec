"""Calls IAM Identity Center through botocore's own clients, and prints what they make of the answers.

Standard input is a JSON list of calls, each a service, an operation by the name of its method, and its parameters.
Printed is a list of as many answers or errors.
"""

import json
import sys

from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.session import Session

session = Session()
bodies = []


def keep_body(response_dict, **_):
    bodies.append(response_dict["body"])


def client_of(service):
    client = session.create_client(service, "us-east-1", config=Config(retries={"total_max_attempts": 1}))
    # First, as botocore itself changes some of them.
    client.meta.events.register_first(f"before-parse.{service}.*", keep_body)
    return client


clients = {service: client_of(service) for service in ("sso", "sso-oidc")}


def unknown(shape, value, path=""):
    """What is in an answer and not in the model of it."""
    match shape.type_name if shape else "nothing":
        case "structure" if isinstance(value, dict):
            found = [f"{path}.{name}" for name in value if name not in shape.members]
            known = set(value) & set(shape.members)
            return sum((unknown(shape.members[name], value[name], f"{path}.{name}") for name in known), found)
        case "list" if isinstance(value, list):
            return sum((unknown(shape.member, entry, path) for entry in value), [])
        case "string" if isinstance(value, str):
            return []
        case "integer" | "long" if isinstance(value, int):
            return []
        case _:
            return [path] if value else []


def call(service, operation, parameters):
    client = clients[service]
    model = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[operation])
    try:
        answer = getattr(client, operation)(**parameters)
        del answer["ResponseMetadata"]
        raw = json.loads(bodies.pop() or "{}")
        return {"answer": answer, "unknown": unknown(model.output_shape, raw)}
    except ClientError as error:
        name = error.response["Error"]["Code"]
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        shape = next((shape for shape in model.error_shapes if shape.name == type(error).__name__), None)
        return {
            "exception": name,
            # The model is silent about some.
            "known": shape is not None and shape.name == name,
            "status_fits": shape is None or shape.metadata["error"]["httpStatusCode"] == status,
            "status": status,
            "unknown": unknown(shape, json.loads(bodies.pop())) if shape else [],
            "error": error.response.get("error"),
            "error_description": error.response.get("error_description"),
            "reason": error.response.get("reason"),
            "message": error.response["Error"].get("Message"),
        }


print(json.dumps([call(*each) for each in json.load(sys.stdin)]))
