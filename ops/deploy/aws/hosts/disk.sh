#!/bin/sh
# Tells CloudWatch how much of the disk is used, in percent. Told: STACK, PART, AWS_DEFAULT_REGION.
set -eu
used=$(df --output=pcent / | tail -n 1 | tr -dc '0-9')
exec aws cloudwatch put-metric-data --namespace Colonnade --metric-name DiskUsed --unit Percent --value "${used}" \
  --dimensions "Stack=${STACK},Part=${PART}"
