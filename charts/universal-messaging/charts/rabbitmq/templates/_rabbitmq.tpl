{{- define "rabbitmq.fullname" -}}
{{ .Release.Name }}-rabbitmq
{{- end }}

{{- define "rabbitmq.labels" -}}
{{ include "um.labels" (dict "root" . "name" "rabbitmq" "component" "rabbitmq") }}
app: rabbitmq
{{- end }}

{{- define "rabbitmq.selector" -}}
{{ include "um.selector" (dict "root" . "name" "rabbitmq") }}
{{- end }}

{{- define "rabbitmq.secretName" -}}
{{ .Values.global.rabbitmq.existingSecret | default (include "rabbitmq.fullname" .) }}
{{- end }}

{{/*
Settles password and cookie once per rendering and writes them into the values: a generated one must be the same in the secret
and in the checksum that restarts the pods.
*/}}
{{- define "rabbitmq.settleSecrets" -}}
{{- range $key, $field := dict "rabbitmq-password" "password" "rabbitmq-erlang-cookie" "erlangCookie" -}}
{{- $value := include "um.secretValue" (dict "root" $ "given" (index $.Values.auth $field) "secret" (include "rabbitmq.secretName" $) "key" $key) -}}
{{- $_ := set $.Values.auth $field $value -}}
{{- end -}}
{{- end }}

{{/* The domain under which the nodes know each other. */}}
{{- define "rabbitmq.domain" -}}
{{ include "rabbitmq.fullname" . }}-nodes.{{ .Release.Namespace }}.svc.{{ .Values.global.clusterDomain }}
{{- end }}

{{- define "rabbitmq.configuration" -}}
rabbitmq.conf: |
  listeners.tcp.default = 5672
  management.tcp.port = 15672
  prometheus.tcp.port = 15692
  loopback_users = none
  log.console = true
  log.console.level = info
  log.file = false
  vm_memory_high_watermark.relative = {{ .Values.memoryHighWatermark }}
  disk_free_limit.absolute = 256MB
  load_definitions = /run/rabbitmq/definitions.json
  {{- if gt (int .Values.replicaCount) 1 }}
  cluster_formation.peer_discovery_backend = classic_config
  {{- range $index := until (int .Values.replicaCount) }}
  cluster_formation.classic_config.nodes.{{ add1 $index }} = rabbit@{{ include "rabbitmq.fullname" $ }}-{{ $index }}.{{ include "rabbitmq.domain" $ }}
  {{- end }}
  cluster_partition_handling = pause_minority
  {{- end }}
  {{- with .Values.extraConfiguration }}
  {{- . | trim | nindent 2 }}
  {{- end }}
enabled_plugins: |
  [rabbitmq_management,rabbitmq_prometheus].
start.sh: |
  # Runs before each start. User and password are imported as definitions, since RabbitMQ would heed default_user and
  # default_pass on an empty disk only: a password changed in the values takes effect this way.
  set -eu
  umask 077
  escape() { printf '%s' "$1" | sed 's/[\\"]/\\&/g'; }
  user=$(escape "$RABBITMQ_USER")
  password=$(escape "$RABBITMQ_PASSWORD")
  vhost=$(escape "$RABBITMQ_VHOST")
  cat > /run/rabbitmq/definitions.json <<JSON
  {
    "users": [{ "name": "$user", "password": "$password", "tags": "administrator" }],
    "vhosts": [{ "name": "$vhost" }],
    "permissions": [{ "user": "$user", "vhost": "$vhost", "configure": ".*", "write": ".*", "read": ".*" }]
  }
  JSON
  # The cookie file must be private to its owner and must be writable by nobody else, or Erlang refuses to start.
  rm -f "$HOME/.erlang.cookie"
  printf '%s' "$ERLANG_COOKIE" > "$HOME/.erlang.cookie"
  chmod 400 "$HOME/.erlang.cookie"
  unset RABBITMQ_USER RABBITMQ_PASSWORD RABBITMQ_VHOST ERLANG_COOKIE
  if [ -n "${NOFILES:-}" ]; then
    ulimit -n "$NOFILES" || echo "the limit of open files stays at $(ulimit -n)" >&2
  fi
  exec rabbitmq-server
{{- end }}
