{{- define "service.horizontalPodAutoscaler" -}}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ include "service.fullname" . }}
  labels:
    {{- include "um.labels" . | nindent 4 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ include "service.fullname" . }}
  minReplicas: {{ .values.autoscaling.minReplicas }}
  maxReplicas: {{ .values.autoscaling.maxReplicas }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: {{ .values.autoscaling.targetCPUUtilizationPercentage }}
{{- end }}

{{/* KEDA makes the HorizontalPodAutoscaler itself, so that this object stands instead of ours. */}}
{{- define "service.scaledObject" -}}
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  name: {{ include "service.fullname" . }}
  labels:
    {{- include "um.labels" . | nindent 4 }}
spec:
  scaleTargetRef:
    name: {{ include "service.fullname" . }}
  minReplicaCount: {{ .values.autoscaling.minReplicas }}
  maxReplicaCount: {{ .values.autoscaling.maxReplicas }}
  triggers:
    - type: cpu
      metricType: Utilization
      metadata:
        value: {{ .values.autoscaling.targetCPUUtilizationPercentage | quote }}
    - type: prometheus
      metadata:
        serverAddress: {{ required "autoscaling.keda needs global.metrics.prometheusUrl, where KEDA asks for the age of the oldest message" .root.Values.global.metrics.prometheusUrl }}
        query: {{ printf "max(um_oldest_message_age_seconds{service=%q,namespace=%q}) or vector(0)" .name .root.Release.Namespace | quote }}
        threshold: {{ .values.autoscaling.keda.targetAgeSeconds | quote }}
{{- end }}
