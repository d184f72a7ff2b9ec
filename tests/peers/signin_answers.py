"""Asks for tokens once, by botocore's own model of the service, and prints what it makes of the answer.

The argument is the profile. Standard input is JSON: the tokenInput to send, and the dpopKey to prove it with, as PEM.
"""

import json
import re
import sys

from botocore import UNSIGNED
from botocore.config import Config
from botocore.credentials import LoginCredentialFetcher, _build_add_dpop_header_handler
from botocore.exceptions import ClientError
from botocore.session import Session

asked = json.load(sys.stdin)
session = Session(profile=sys.argv[1])
client = session.create_client("signin", config=Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1}))
proof = _build_add_dpop_header_handler(LoginCredentialFetcher._load_private_key(asked))
client.meta.events.register("before-call.signin.CreateOAuth2Token", proof)
operation = client.meta.service_model.operation_model("CreateOAuth2Token")


def is_within_limits(shape, value):
    limits = shape.metadata
    size = value if isinstance(value, int) else len(value)
    fits = limits.get("min", size) <= size <= limits.get("max", size)
    return fits and ("pattern" not in limits or re.fullmatch(limits["pattern"], value) is not None)


try:
    answer = client.create_o_auth2_token(tokenInput=asked["tokenInput"])["tokenOutput"]
    shape = operation.output_shape.members["tokenOutput"]
    print(
        json.dumps(
            {
                "members": sorted(answer),
                "unknown": sorted(set(answer) - set(shape.members)),
                "missing": sorted(set(shape.required_members) - set(answer)),
                "odd": sorted(name for name in answer if not is_within_limits(shape.members[name], answer[name])),
                "access": sorted(answer["accessToken"]),
                "expiresIn": answer["expiresIn"],
            }
        )
    )
except ClientError as error:
    status = error.response["ResponseMetadata"]["HTTPStatusCode"]
    shapes = {shape.name: shape for shape in operation.error_shapes}
    shape = shapes.get(type(error).__name__)
    print(
        json.dumps(
            {
                "exception": type(error).__name__,
                "error": error.response.get("error"),
                "message": error.response.get("message"),
                "known": shape is not None,
                "status": status,
                # The model leaves some of them open.
                "expected": shape.metadata.get("error", {}).get("httpStatusCode", status) if shape else None,
                "code": error.response.get("error") in shape.members["error"].enum if shape else None,
                "request": error.response["ResponseMetadata"]["RequestId"],
            }
        )
    )
