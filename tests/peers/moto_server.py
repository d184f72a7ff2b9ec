"""moto's AWS, which checks keys, signatures and policies, with a user and a role in it.

Given the argument "unchecked" it checks nothing, since then it would not take calls that nobody signs, either.
"""

import json
import logging
import sys
import urllib.request

import boto3
from moto.server import ThreadedMotoServer

from background import serve

ANYBODY = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
MAY_ASSUME = {"Effect": "Allow", "Action": "sts:*", "Resource": "*"}


def document(statement):
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
host, port = server.get_host_and_port()
url = f"http://{host}:{port}"

# Whatever keys: nobody looks at them yet.
anybody = boto3.Session("x", "x", region_name="us-east-1")
iam = anybody.client("iam", endpoint_url=url)
iam.create_user(UserName="jane")
iam.put_user_policy(UserName="jane", PolicyName="sts", PolicyDocument=document(MAY_ASSUME))
iam.create_role(RoleName="Demo", AssumeRolePolicyDocument=document(ANYBODY))
iam.put_role_policy(RoleName="Demo", PolicyName="sts", PolicyDocument=document(MAY_ASSUME))
keys = iam.create_access_key(UserName="jane")["AccessKey"]
if json.loads(sys.argv[1]) != "unchecked":
    # From now on every request has to be signed and allowed.
    request = urllib.request.Request(f"{url}/moto-api/reset-auth", b"0", {"Content-Type": "text/plain"})
    urllib.request.urlopen(request).close()

serve(url=url, access_key_id=keys["AccessKeyId"], secret_access_key=keys["SecretAccessKey"])
