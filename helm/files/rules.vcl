# What Varnish 7 does for the registry, wherever it stands: varnish.vcl beside this file says where the registry is in the
# chart, ../edge/varnish.vcl elsewhere. Needs the package varnish-modules (vmod xkey) and, to be told what to forget, the
# variable PURGE_TOKEN of varnishd, the same as the registry's MCP_REGISTRY_CDN_PURGE_TOKEN.
import std;
import xkey;

sub vcl_recv {
  if (req.method == "PURGE") {
    if (std.getenv("PURGE_TOKEN") == "" || req.http.authorization != "Bearer " + std.getenv("PURGE_TOKEN")) {
      return (synth(403, "Forbidden"));
    }
    return (synth(200, "Purged " + xkey.purge(req.http.xkey-purge)));
  }
  # Who shows a login, or follows changes, gets a connection of their own.
  if (req.http.authorization || req.http.cookie || req.http.accept ~ "text/event-stream") {
    return (pass);
  }
  # One object for each form of answer, not for each text of the header; a browser gets its page.
  if (req.url ~ "^/graphql" && req.method != "POST" && req.http.accept !~ "text/html") {
    if (req.http.accept ~ "application/graphql-response\+json") {
      set req.http.accept = "application/graphql-response+json";
    } else {
      set req.http.accept = "application/json";
    }
  }
  # Answers out of date are for when no registry answers (stale-if-error), not for while one is asked.
  if (std.healthy(req.backend_hint)) {
    set req.grace = 0s;
  } else {
    set req.grace = 300s;
  }
}

sub vcl_backend_response {
  set beresp.http.xkey = beresp.http.surrogate-key;
  if (beresp.ttl > 0s) {
    set beresp.grace = 300s;
  }
  if (beresp.status >= 500 || beresp.http.content-type ~ "event-stream") {
    set beresp.uncacheable = true;
    set beresp.ttl = 0s;
  }
}

# Another process may answer; Varnish itself sends no request twice that writes.
sub vcl_backend_error {
  if (bereq.retries < 1 && (bereq.method == "GET" || bereq.method == "HEAD")) {
    return (retry);
  }
}

sub vcl_deliver {
  unset resp.http.xkey;
  if (obj.hits > 0) {
    set resp.http.x-cache = "HIT";
  } else {
    set resp.http.x-cache = "MISS";
  }
}
