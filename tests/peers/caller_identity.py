"""Asks STS through boto3 who the profile is, as any Python program would."""

import json
import sys

import boto3

sts = boto3.Session(profile_name=sys.argv[1]).client("sts", region_name="us-east-1")
answer = sts.get_caller_identity()
print(json.dumps({name: answer[name] for name in ("Account", "Arn", "UserId")}))
