{{- define "service.deployment" -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "service.fullname" . }}
  labels:
    {{- include "um.labels" . | nindent 4 }}
spec:
  {{- if not .values.autoscaling.enabled }}
  replicas: {{ .values.replicas }}
  {{- end }}
  strategy:
    type: RollingUpdate
    rollingUpdate: { maxSurge: 1, maxUnavailable: 0 }
  selector:
    matchLabels:
      {{- include "um.selector" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "um.podLabels" . | nindent 8 }}
        {{- range $key, $value := .values.podLabels }}
        {{ $key }}: {{ $value | quote }}
        {{- end }}
      annotations:
        checksum/config: {{ .checksum }}
        {{- range $key, $value := .values.podAnnotations }}
        {{ $key }}: {{ $value | quote }}
        {{- end }}
    spec:
      serviceAccountName: {{ include "service.fullname" . }}
      automountServiceAccountToken: false
      # Without this, Kubernetes would set variables such as PROD_API_PORT for each service of the namespace.
      enableServiceLinks: false
      terminationGracePeriodSeconds: {{ .values.terminationGracePeriodSeconds }}
      {{- with include "um.pullSecrets" .root }}{{ trim . | nindent 6 }}{{ end }}
      {{- with include "um.placement" . }}{{ trim . | nindent 6 }}{{ end }}
      {{- include "um.spread" . | nindent 6 }}
      securityContext:
        {{- include "um.podSecurity" 10001 | nindent 8 }}
      containers:
        - name: {{ .name }}
          image: {{ include "service.image" . }}
          imagePullPolicy: {{ include "service.pullPolicy" . }}
          {{- with include "service.command" . }}
          command: {{ . }}
          {{- end }}
          securityContext:
            {{- include "um.containerSecurity" . | nindent 12 }}
          envFrom:
            - configMapRef:
                name: {{ .root.Release.Name }}-environment
          env:
            {{- include "service.environment" . | nindent 12 }}
          ports:
            - { name: http, containerPort: 3000, protocol: TCP }
            {{- if ne .component "lab" }}
            - { name: health, containerPort: 32000, protocol: TCP }
            {{- end }}
          # A pod that starts on a twentieth of a CPU needs a while: two minutes before the other probes begin to count.
          startupProbe:
            httpGet: {{ include "service.probe" (list . "/healthz/liveness") }}
            periodSeconds: 2
            timeoutSeconds: 5
            failureThreshold: 60
          livenessProbe:
            httpGet: {{ include "service.probe" (list . "/healthz/liveness") }}
            periodSeconds: 20
            timeoutSeconds: 10
            failureThreshold: 3
          readinessProbe:
            httpGet: {{ include "service.probe" (list . "/healthz/readiness") }}
            periodSeconds: 5
            timeoutSeconds: 5
            failureThreshold: 3
          {{- if semverCompare ">=1.30.0-0" .root.Capabilities.KubeVersion.Version }}
          # New requests still arrive until every node knows that the pod is leaving. Older clusters cannot sleep without
          # a shell in the image; there, the service's own draining covers this moment.
          lifecycle:
            preStop:
              sleep: { seconds: 5 }
          {{- end }}
          resources: {{ toJson .values.resources }}
          volumeMounts:
            - { name: tmp, mountPath: /tmp }
      volumes:
        - name: tmp
          emptyDir: { sizeLimit: 64Mi }
{{- end }}

{{/* The Lab has no health port: its page tells. Takes a list: the service's dict, and the path on the health port. */}}
{{- define "service.probe" -}}
{{- if eq (first .).component "lab" }}{ path: /, port: http }{{ else }}{ path: {{ last . }}, port: health }{{ end -}}
{{- end }}

{{/* The image's own words are for little memory. With more, V8 may be quicker; docker/runtime.json says from where on, and a test compares. */}}
{{- define "service.command" -}}
{{- $limit := dig "limits" "memory" "" .values.resources | toString -}}
{{- $number := regexFind "^[0-9.]+" $limit | float64 -}}
{{- $factor := get (dict "Ki" 0.0009765625 "Mi" 1.0 "Gi" 1024.0 "Ti" 1048576.0 "k" 0.00095367431640625 "M" 0.95367431640625 "G" 953.67431640625 "T" 953674.31640625) (regexFind "[A-Za-z]+$" $limit) -}}
{{- if and $factor (ge (mulf $number $factor) 128.0) -}}
["node", "--max-old-space-size-percentage=60", "--max-semi-space-size=4", "/app/main.mjs"]
{{- end -}}
{{- end }}
