{{/* The Redis of a service. Every template here takes the service's dict: root, name, component, values. */}}
{{- define "redis.fullname" -}}
{{ .root.Release.Name }}-{{ .name }}-redis-master
{{- end }}

{{/* "true" when the service uses a Redis at all: all do, but the config site and the lab. */}}
{{- define "redis.wanted" -}}
{{- not (has .component (list "config" "lab")) -}}
{{- end }}

{{/* "true" when the chart deploys that Redis. */}}
{{- define "redis.internal" -}}
{{- $enabled := .values.redis.enabled -}}
{{- if kindIs "invalid" $enabled }}{{ $enabled = .root.Values.global.redis.enabled }}{{ end -}}
{{- and $enabled (eq (include "redis.wanted" .) "true") -}}
{{- end }}

{{/* The secret with one URL per service, for a service whose Redis is neither in the release nor named in its own values. */}}
{{- define "redis.sharedUrlSecret" -}}
{{- if and (ne (include "redis.internal" .) "true") (not .values.redis.external.host) -}}
{{- .root.Values.global.redis.urlSecret -}}
{{- end -}}
{{- end }}

{{/* Each Redis has a secret of its own name, all with the same password, unless one existing secret serves them all. */}}
{{- define "redis.secretName" -}}
{{- .root.Values.global.redis.existingSecret | default (printf "%s-%s-redis" .root.Release.Name .name) -}}
{{- end }}

{{- define "redis.clientSecretName" -}}
{{- if eq (include "redis.internal" .) "true" -}}
{{ include "redis.secretName" . }}
{{- else -}}
{{ .values.redis.external.existingSecret | default (include "um.redisSecretName" .root) }}
{{- end -}}
{{- end }}

{{/* The dict for labels of the Redis. */}}
{{- define "redis.labels" -}}
{{ include "um.labels" (dict "root" .root "name" (printf "%s-redis" .name) "component" "redis") }}
{{- end }}

{{- define "redis.selector" -}}
{{ include "um.selector" (dict "root" .root "name" (printf "%s-redis" .name)) }}
{{- end }}
