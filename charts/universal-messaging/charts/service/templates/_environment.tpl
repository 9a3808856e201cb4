{{/* What a service gets beside the shared ConfigMap: its own settings and the secrets. */}}
{{- define "service.environment" -}}
- name: POD_NAME
  valueFrom:
    fieldRef: { fieldPath: metadata.name }
- name: LOG_LEVEL
  value: {{ .values.logging.level | default .root.Values.global.logging.level | quote }}
- name: LOG_FLUSH_FREQUENCY
  value: {{ .values.logging.flushFrequency | default .root.Values.global.logging.flushFrequency | quote }}
{{- range list "SECRET_KEY:secret-key" "INTERNAL_TOKEN:internal-token" }}
- name: {{ splitList ":" . | first }}
  valueFrom:
    secretKeyRef: { name: {{ include "um.fleetSecretName" $.root }}, key: {{ splitList ":" . | last }} }
{{- end }}
{{- if ne .component "config" }}
{{ include "service.rabbitmqEnvironment" . }}
{{- end }}
{{- if eq (include "redis.wanted" .) "true" }}
{{ include "service.redisEnvironment" . }}
{{- end }}
{{- if eq (include "um.usesApple" .) "true" }}
{{- range list "AMB_MSP_ID:ambMSPId" "AMB_MSP_SECRET:ambMSPSecret" }}
- name: {{ splitList ":" . | first }}
  valueFrom:
    secretKeyRef: { name: {{ $.root.Release.Name }}-config, key: {{ splitList ":" . | last }} }
{{- end }}
{{- end }}
{{- with .values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "service.rabbitmqEnvironment" -}}
{{- $rabbitmq := .root.Values.global.rabbitmq -}}
{{- if $rabbitmq.urlSecret.name -}}
- name: RABBITMQ_URL
  valueFrom:
    secretKeyRef: { name: {{ $rabbitmq.urlSecret.name }}, key: {{ $rabbitmq.urlSecret.key }} }
{{- else -}}
- name: RABBITMQ_PASSWORD
  valueFrom:
    secretKeyRef: { name: {{ include "um.rabbitmqSecretName" .root }}, key: rabbitmq-password }
{{- end }}
{{- end }}

{{- define "service.redisEnvironment" -}}
{{- $external := .values.redis.external -}}
{{- if $external.urlSecret.name -}}
- name: REDIS_URL
  valueFrom:
    secretKeyRef: { name: {{ $external.urlSecret.name }}, key: {{ $external.urlSecret.key }} }
{{- else -}}
- name: REDIS_HOST
  value: {{ $external.host | default (include "redis.fullname" .) }}
- name: REDIS_PORT
  value: {{ $external.port | quote }}
- name: REDIS_PASSWORD
  valueFrom:
    secretKeyRef: { name: {{ include "redis.clientSecretName" . }}, key: redis-password }
{{- end }}
{{- end }}
