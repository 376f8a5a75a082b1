{{/* Values that can't work together, each refused by a sentence. */}}
{{- define "mcp.refusals" -}}
{{- $v := .Values -}}
{{- $db := $v.database -}}
{{- if and $v.ingress.enabled (not $v.ingress.hosts) -}}
{{- fail "ingress.hosts is empty: name the host that the ingress answers to, or turn ingress.enabled off." -}}
{{- end -}}
{{- if and $v.httpRoute.enabled (not $v.httpRoute.parentRefs) -}}
{{- fail "httpRoute.parentRefs is empty: name the gateway that the route hangs on, or turn httpRoute.enabled off." -}}
{{- end -}}
{{- if and (not $v.publicUrl) (not (include "mcp.host" .)) -}}
{{- fail "publicUrl is empty and no ingress.hosts or httpRoute.hostnames says it: set publicUrl to what the registry is called, such as https://registry.example.com." -}}
{{- end -}}
{{- if eq $db.mode "external" -}}
{{- if and (not $db.external.url) (not $db.external.existingSecret) -}}
{{- fail "database.mode is external, but neither database.external.url nor database.external.existingSecret says where it is." -}}
{{- end -}}
{{- if and $db.external.url $db.external.existingSecret -}}
{{- fail "database.external.url and database.external.existingSecret are both set: keep one." -}}
{{- end -}}
{{- if and $db.external.replicaUrls $db.external.existingSecret -}}
{{- fail "database.external.replicaUrls and database.external.existingSecret are both set: put the addresses into that secret, and name their key in database.external.existingSecretReplicasKey." -}}
{{- end -}}
{{- if and $db.external.existingSecretReplicasKey (not $db.external.existingSecret) -}}
{{- fail "database.external.existingSecretReplicasKey is set without database.external.existingSecret, the secret that has it." -}}
{{- end -}}
{{- else if or $db.external.url $db.external.existingSecret $db.external.replicaUrls $db.external.existingSecretReplicasKey -}}
{{- fail (printf "database.external is set, but database.mode is %s: set database.mode to external, or leave database.external empty." $db.mode) -}}
{{- end -}}
{{- if and (eq $db.mode "cloudNativePg") $db.cloudNativePg.backup.enabled (not $db.cloudNativePg.backup.objectStore) -}}
{{- fail "database.cloudNativePg.backup.objectStore is empty: name the ObjectStore that backups go to." -}}
{{- end -}}
{{- if and $v.backup.enabled (eq $db.mode "cloudNativePg") -}}
{{- fail "backup.enabled is for a database that is not CloudNativePG's: use database.cloudNativePg.backup, which can restore to any moment." -}}
{{- end -}}
{{- if $v.secrets.existingSecret -}}
{{- range list "jwtPrivateKey" "githubClientSecret" "routerSecret" "cdnPurgeToken" -}}
{{- if get $v.secrets . -}}
{{- fail (printf "secrets.existingSecret and secrets.%s are both set: put the value into that secret." .) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if and $v.secrets.githubClientSecret (not $v.settings.githubClientId) -}}
{{- fail "secrets.githubClientSecret is set without settings.githubClientId: set both, or none." -}}
{{- end -}}
{{- if ne (empty $v.settings.oidcIssuer) (empty $v.settings.oidcClientId) -}}
{{- fail "settings.oidcIssuer and settings.oidcClientId go together: set both, or none." -}}
{{- end -}}
{{- if and $v.varnish.enabled (or $v.settings.cdnPurgeUrl $v.settings.cdnKind) -}}
{{- fail "varnish.enabled sets settings.cdnKind and settings.cdnPurgeUrl by itself: leave them empty, or turn varnish.enabled off." -}}
{{- end -}}
{{- if and (not $v.settings.cdnPurgeUrl) $v.settings.cdnKind -}}
{{- fail "settings.cdnKind is set without settings.cdnPurgeUrl: say where that CDN is told what changed." -}}
{{- end -}}
{{- if and $v.autoscaling.enabled (gt (int $v.autoscaling.minReplicas) (int $v.autoscaling.maxReplicas)) -}}
{{- fail "autoscaling.minReplicas is greater than autoscaling.maxReplicas." -}}
{{- end -}}
{{- if and $v.autoscaling.enabled (not (dig "requests" "cpu" "" $v.resources)) -}}
{{- fail "autoscaling needs resources.requests.cpu: its target is a share of that." -}}
{{- end -}}
{{- if and $v.monitoring.serviceMonitor.enabled $v.networkPolicy.enabled (not $v.networkPolicy.internalFrom) -}}
{{- fail "monitoring.serviceMonitor is on, but networkPolicy.internalFrom lets nobody reach the internal port: let Prometheus in." -}}
{{- end -}}
{{- if and (not $v.tracing.endpoint) (or $v.tracing.existingSecret $v.tracing.resourceAttributes) -}}
{{- fail "tracing.endpoint is empty: name the collector that traces go to, or leave tracing.existingSecret and tracing.resourceAttributes empty." -}}
{{- end -}}
{{- if lt (int $v.termination.graceSeconds) (int (add $v.termination.drainSeconds 35)) -}}
{{- fail "termination.graceSeconds is too short: a pod takes termination.drainSeconds and up to 35 seconds more to finish what runs." -}}
{{- end -}}
{{- $pods := int $v.replicaCount -}}
{{- if $v.autoscaling.enabled -}}{{- $pods = int $v.autoscaling.maxReplicas -}}{{- end -}}
{{- $each := int (mul 16 $v.settings.workers) -}}
{{- $connections := int (mul $each (add $pods 1)) -}}
{{- if ne $db.mode "external" -}}
{{- $most := int (get (get $db $db.mode) "maxConnections") -}}
{{- if gt $connections $most -}}
{{- fail (printf "%d pods, and one more while they are replaced, need %d connections (%d each), but database.%s.maxConnections is %d: raise it, or have fewer pods." $pods $connections $each $db.mode $most) -}}
{{- end -}}
{{- end -}}
{{- end -}}
