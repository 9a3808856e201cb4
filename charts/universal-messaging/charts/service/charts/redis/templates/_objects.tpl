{{- define "redis.serviceAccount" -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "redis.fullname" . }}
  labels:
    {{- include "redis.labels" . | nindent 4 }}
automountServiceAccountToken: false
{{- end }}

{{- define "redis.service" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "redis.fullname" . }}
  labels:
    {{- include "redis.labels" . | nindent 4 }}
spec:
  selector:
    {{- include "redis.selector" . | nindent 4 }}
  ports:
    - { name: redis, port: 6379, targetPort: redis, protocol: TCP }
{{- end }}

{{/* Operators reach one pod under this name: redis-cli -h <release>-<service>-redis-master-0.<namespace>.svc.cluster.local */}}
{{- define "redis.podService" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "redis.fullname" . }}-0
  labels:
    {{- include "redis.labels" . | nindent 4 }}
spec:
  clusterIP: None
  publishNotReadyAddresses: true
  selector:
    {{- include "redis.selector" . | nindent 4 }}
    statefulset.kubernetes.io/pod-name: {{ include "redis.fullname" . }}-0
  ports:
    - { name: redis, port: 6379, targetPort: redis, protocol: TCP }
{{- end }}

{{- define "redis.secret" -}}
apiVersion: v1
kind: Secret
metadata:
  name: {{ include "redis.secretName" . }}
  labels:
    {{- include "redis.labels" . | nindent 4 }}
type: Opaque
data:
  redis-password: {{ include "um.redisPassword" .root | b64enc }}
{{- end }}

{{/*
Only the service itself, the job that sets the administrator's password (in the api's Redis), and a pod that an operator
starts with "kubectl run redis-client" reach it; it calls nobody.
*/}}
{{- define "redis.networkPolicy" -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "redis.fullname" . }}
  labels:
    {{- include "redis.labels" . | nindent 4 }}
spec:
  podSelector:
    matchLabels:
      {{- include "redis.selector" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
  ingress:
    - ports: [{ port: redis }]
      from:
        - podSelector:
            matchLabels:
              {{- include "um.selector" . | nindent 14 }}
        {{- if eq .component "api" }}
        - podSelector:
            matchLabels:
              {{- include "um.selector" (dict "root" .root "name" "set-admin-password") | nindent 14 }}
        {{- end }}
        - podSelector:
            matchLabels: { run: redis-client }
  egress: []
{{- end }}
