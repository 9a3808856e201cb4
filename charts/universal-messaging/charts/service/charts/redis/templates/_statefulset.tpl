{{- define "redis.statefulSet" -}}
{{- $redis := .values.redis -}}
{{- $image := include "um.image" (merge (dict "registry" (.root.Values.global.redis.imageRegistry | default $redis.image.registry)) $redis.image) -}}
{{- $subPath := ternary (printf "%s-%s-redis" .root.Release.Name .name) "" $redis.master.persistence.volume.create -}}
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: {{ include "redis.fullname" . }}
  labels:
    {{- include "redis.labels" . | nindent 4 }}
spec:
  replicas: 1
  serviceName: {{ include "redis.fullname" . }}
  selector:
    matchLabels:
      {{- include "redis.selector" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "um.podLabels" (dict "root" .root "name" (printf "%s-redis" .name) "component" "redis") | nindent 8 }}
      annotations:
        checksum/config: {{ include "um.checksum" (dict "root" .root "parts" (list (include "redis.configuration" .) (include "um.redisPassword" .root))) }}
    spec:
      serviceAccountName: {{ include "redis.fullname" . }}
      automountServiceAccountToken: false
      enableServiceLinks: false
      {{- with include "um.placement" . }}{{ trim . | nindent 6 }}{{ end }}
      securityContext:
        {{- include "um.podSecurity" 999 | nindent 8 }}
      {{- if $redis.volumePermissions.enabled }}
      initContainers:
        {{- include "um.volumePermissions" (dict "image" $image "pullPolicy" $redis.image.pullPolicy "user" 999 "path" "/data" "subPath" $subPath) | nindent 8 }}
      {{- end }}
      containers:
        - name: redis
          image: {{ $image }}
          imagePullPolicy: {{ $redis.image.pullPolicy }}
          securityContext:
            {{- include "um.containerSecurity" . | nindent 12 }}
          command: [sh, /etc/redis/start.sh]
          env:
            # redis-cli in the probes reads this one, so that no command line shows the password.
            - name: REDISCLI_AUTH
              valueFrom:
                secretKeyRef: { name: {{ include "redis.secretName" . }}, key: redis-password }
          ports:
            - { name: redis, containerPort: 6379, protocol: TCP }
          # Until the append-only file is read, Redis answers LOADING: the startup probe waits ten minutes for that.
          startupProbe:
            exec: { command: [sh, -c, 'test "$(redis-cli ping)" = PONG'] }
            periodSeconds: 5
            timeoutSeconds: 5
            failureThreshold: 120
          livenessProbe:
            exec: { command: [redis-cli, ping] }
            periodSeconds: 20
            timeoutSeconds: 10
            failureThreshold: 5
          readinessProbe:
            exec: { command: [sh, -c, 'test "$(redis-cli ping)" = PONG'] }
            periodSeconds: 10
            timeoutSeconds: 5
          resources: {{ toJson $redis.master.resources }}
          volumeMounts:
            - name: data
              mountPath: /data
              {{- with $subPath }}
              # Volumes made by hand may all be the same file system: each Redis gets its own folder in it.
              subPath: {{ . }}
              {{- end }}
            - { name: configuration, mountPath: /etc/redis, readOnly: true }
            - { name: run, mountPath: /run/redis }
      volumes:
        - name: configuration
          configMap: { name: {{ include "redis.fullname" . }} }
        - name: run
          emptyDir: { medium: Memory, sizeLimit: 1Mi }
        {{- if not $redis.master.persistence.enabled }}
        - name: data
          emptyDir: {}
        {{- end }}
  {{- if $redis.master.persistence.enabled }}
  volumeClaimTemplates:
    - {{ include "um.volumeClaim" (dict "root" .root "persistence" $redis.master.persistence) | nindent 6 | trim }}
  {{- end }}
{{- end }}
