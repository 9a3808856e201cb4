{{/* Refuses values that could only fail later, in the cluster, and says what to do. */}}
{{- define "um.validate" -}}
{{- include "um.validateAdminPassword" . -}}
{{- include "um.validateReleaseName" . -}}
{{- include "um.validateRabbitmq" . -}}
{{- range $name := splitList "," (include "um.services" .) -}}
{{- include "um.validateRedis" (dict "root" $ "name" $name "component" (index $.Values $name "kind") "values" (index $.Values $name)) -}}
{{- end -}}
{{- end }}

{{- define "um.validateAdminPassword" -}}
{{- $admin := .Values.api.admin -}}
{{- if and .Values.api.enabled .Release.IsInstall (not $admin.password) (not $admin.existingSecret) -}}
{{- fail "\n\napi.admin.password is missing: it is the first password of the administrator of the API and of the configuration web site.\nChoose one that zxcvbn scores 3 or 4, such as four unrelated words, and give it in your values:\n\n  api:\n    admin:\n      password: ...\n\nor name a secret that holds it in api.admin.existingSecret." -}}
{{- end -}}
{{- end }}

{{/* Kubernetes puts "<stateful set>-<hash of ten>" into a label, which may have 63 characters. */}}
{{- define "um.validateReleaseName" -}}
{{- range $name := splitList "," (include "um.services" .) -}}
{{- $longest := printf "%s-%s-redis-master" $.Release.Name $name -}}
{{- if gt (len $longest) 52 -}}
{{- fail (printf "the release name %s is too long: with it the Redis of %s would be called %s, and Kubernetes allows 52 characters for that; choose a release name of at most %d characters" $.Release.Name $name $longest (sub 52 (sub (len $longest) (len $.Release.Name)))) -}}
{{- end -}}
{{- end -}}
{{- end }}

{{- define "um.validateRabbitmq" -}}
{{- $rabbitmq := .Values.global.rabbitmq -}}
{{- if and (not .Values.rabbitmq.enabled) (not $rabbitmq.host) (not $rabbitmq.urlSecret.name) -}}
{{- fail "rabbitmq.enabled is false, so global.rabbitmq.host must say where the external RabbitMQ is (or global.rabbitmq.urlSecret.name which secret holds its URL)" -}}
{{- end -}}
{{- end }}

{{- define "um.validateRedis" -}}
{{- $external := .values.redis.external -}}
{{- if and (eq (include "redis.wanted" .) "true") (ne (include "redis.internal" .) "true") (not $external.host) (not $external.urlSecret.name) (not .root.Values.global.redis.urlSecret) -}}
{{- fail (printf "%s has no Redis: it is disabled, so %s.redis.external.host must say where the external one is (or %s.redis.external.urlSecret.name, or global.redis.urlSecret for all services, which secret holds its URL)" .name .name .name) -}}
{{- end -}}
{{- end }}
