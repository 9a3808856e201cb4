{{- define "redis.configuration" -}}
redis.conf: |
  bind * -::*
  port 6379
  dir /data
  save ""
  appendonly yes
  appendfsync {{ .values.redis.appendfsync }}
  maxmemory {{ .values.redis.master.maxMemory }}
  maxmemory-policy noeviction
start.sh: |
  # The password goes into a file in memory: on the command line every process of the node could read it.
  set -eu
  umask 077
  escaped=$(printf '%s' "$REDISCLI_AUTH" | sed 's/[\\"]/\\&/g')
  printf 'include /etc/redis/redis.conf\nrequirepass "%s"\n' "$escaped" > /run/redis/redis.conf
  exec redis-server /run/redis/redis.conf
{{- end }}

{{- define "redis.configMap" -}}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "redis.fullname" . }}
  labels:
    {{- include "redis.labels" . | nindent 4 }}
data:
  {{- include "redis.configuration" . | nindent 2 }}
{{- end }}
