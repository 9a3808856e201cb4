{{/*
Prometheus finds the health port through this headless service: the service of the same name publishes port 80 only, so that a
NodePort or LoadBalancer never shows metrics to the outside.
*/}}
{{- define "service.metricsService" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "service.fullname" . }}-metrics
  labels:
    {{- include "um.labels" . | nindent 4 }}
    universal-messaging/metrics: "true"
spec:
  clusterIP: None
  selector:
    {{- include "um.selector" . | nindent 4 }}
  ports:
    - { name: health, port: 32000, targetPort: health, protocol: TCP }
{{- end }}

{{- define "service.serviceMonitor" -}}
{{- $monitor := .root.Values.global.metrics.serviceMonitor -}}
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: {{ include "service.fullname" . }}
  labels:
    {{- include "um.labels" . | nindent 4 }}
    {{- range $key, $value := $monitor.labels }}
    {{ $key }}: {{ $value | quote }}
    {{- end }}
spec:
  selector:
    matchLabels:
      {{- include "um.selector" . | nindent 6 }}
      universal-messaging/metrics: "true"
  endpoints:
    - port: health
      path: /metrics
      interval: {{ $monitor.interval }}
      relabelings:
        - { targetLabel: service, replacement: {{ .name }} }
{{- end }}
