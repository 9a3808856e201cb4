{{/* Who may talk to a service, and what it may talk to; everything else is refused. */}}
{{- define "service.networkPolicy" -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "service.fullname" . }}
  labels:
    {{- include "um.labels" . | nindent 4 }}
spec:
  podSelector:
    matchLabels:
      {{- include "um.selector" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
  ingress:
    {{- include "service.ingressRules" . | nindent 4 }}
  egress:
    {{- include "service.egressRules" . | trim | nindent 4 }}
{{- end }}

{{- define "service.ingressRules" -}}
{{- $policy := .root.Values.global.networkPolicy -}}
{{- if .values.path -}}
# The ingress controller, or a load balancer that looks at the health port; both may come from anywhere.
- ports: [{ port: http }, { port: health }]
  {{- with $policy.ingressFrom }}
  from: {{ toJson . }}
  {{- end }}
{{ end -}}
{{- with include "service.callers" . -}}
- {{ if ne $.component "lab" }}ports: [{ port: http }]
  {{ end }}from:
    {{- include "service.peers" (dict "root" $.root "components" .) | nindent 4 }}
{{ end -}}
{{- if ne .component "lab" -}}
- ports: [{ port: health }]
  from: {{ toJson $policy.metricsFrom }}
{{- end }}
{{- end }}

{{- define "service.egressRules" -}}
{{- $policy := .root.Values.global.networkPolicy -}}
{{- if eq .component "lab" -}}
# As a platform does, it calls the public address of the fleet, which may be that of an ingress controller in any network.
- {}
{{- else -}}
{{ include "um.dnsEgress" . }}
{{- include "service.callEgress" . }}
{{- if ne .component "config" }}
{{ include "service.rabbitmqEgress" . }}
{{- if eq (include "redis.wanted" .) "true" }}
{{ include "service.redisEgress" . }}
{{- end }}
# The Internet, without the private ranges: a link that a guest sends must not lead into the cluster.
- to:
    {{- range $cidr, $private := $policy.internet }}
    - ipBlock: { cidr: {{ $cidr | quote }}, except: {{ toJson $private }} }
    {{- end }}
    {{- range $policy.allowedPrivateCidrs }}
    - ipBlock: { cidr: {{ . | quote }} }
    {{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "service.rabbitmqEgress" -}}
{{- if .root.Values.rabbitmq.enabled -}}
- ports: [{ port: 5672, protocol: TCP }]
  to:
    - podSelector:
        matchLabels: { app.kubernetes.io/name: rabbitmq, app.kubernetes.io/instance: {{ .root.Release.Name }} }
{{- else -}}
# An external RabbitMQ is known by its name only, which a network policy cannot express.
- ports:
    {{- range list .root.Values.global.rabbitmq.port 5671 | uniq }}
    - { port: {{ . }}, protocol: TCP }
    {{- end }}
{{- end }}
{{- end }}

{{- define "service.redisEgress" -}}
{{- if eq (include "redis.internal" .) "true" -}}
- ports: [{ port: 6379, protocol: TCP }]
  to:
    - podSelector:
        matchLabels: { app.kubernetes.io/name: {{ .name }}-redis, app.kubernetes.io/instance: {{ .root.Release.Name }} }
{{- else -}}
# An external Redis is known by its name only, which a network policy cannot express.
- ports: [{ port: {{ .values.redis.external.port }}, protocol: TCP }]
{{- end }}
{{- end }}
