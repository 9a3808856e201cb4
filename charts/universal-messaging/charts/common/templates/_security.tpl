{{/* Pod and container settings that satisfy the "restricted" Pod Security Standard. The pod takes the user's id. */}}
{{- define "um.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ . }}
runAsGroup: {{ . }}
fsGroup: {{ . }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "um.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{/*
The one container that runs as root, and only when volumePermissions.enabled asks for it: it hands a volume whose driver
ignores fsGroup (NFS, EFS) to the server's user. Takes a dict: image, pullPolicy, user, path, and optionally subPath.
*/}}
{{- define "um.volumePermissions" -}}
- name: volume-permissions
  image: {{ .image }}
  imagePullPolicy: {{ .pullPolicy }}
  command: [sh, -ec, 'chown -R "$1:$1" "$2"', chown, "{{ .user }}", {{ .path }}]
  securityContext:
    runAsNonRoot: false
    runAsUser: 0
    allowPrivilegeEscalation: false
    readOnlyRootFilesystem: true
    capabilities:
      drop: [ALL]
      add: [CHOWN, DAC_OVERRIDE, FOWNER]
  resources:
    limits: { cpu: 100m, memory: 32Mi }
    requests: { cpu: 10m, memory: 16Mi }
  volumeMounts:
    - name: data
      mountPath: {{ .path }}
      {{- with .subPath }}
      subPath: {{ . }}
      {{- end }}
{{- end }}
