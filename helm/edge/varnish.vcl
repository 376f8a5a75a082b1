# Varnish 7 in front of two registries that run with
#   MCP_REGISTRY_CDN_KIND=varnish MCP_REGISTRY_CDN_PURGE_URL=http://<varnish>:6081 MCP_REGISTRY_CDN_PURGE_TOKEN=purge-token
# Needs the package varnish-modules (vmod xkey). test/http/edge.test.ts runs this file, with other ports.
vcl 4.1;

import directors;
import std;
import xkey;

probe ping {
  .url = "/v0.1/ping";
  .interval = 1s;
  .timeout = 1s;
  .window = 3;
  .threshold = 2;
  .initial = 2;
}

backend one {
  .host = "127.0.0.1";
  .port = "8080";
  .probe = ping;
}

backend two {
  .host = "127.0.0.1";
  .port = "8082";
  .probe = ping;
}

sub vcl_init {
  new registries = directors.round_robin();
  registries.add_backend(one);
  registries.add_backend(two);
}

sub vcl_recv {
  set req.backend_hint = registries.backend();
  if (req.method == "PURGE") {
    if (req.http.authorization != "Bearer purge-token") {
      return (synth(403));
    }
    set req.http.gone = xkey.purge(req.http.xkey-purge);
    return (synth(200, "Purged " + req.http.gone));
  }
  # Answers out of date are for when no registry answers (stale-if-error), not for while one is asked.
  if (std.healthy(req.backend_hint)) {
    set req.grace = 0s;
  }
  if (req.http.authorization || req.http.cookie) {
    return (pass);
  }
  # One object for each form of answer, not for each text of the header.
  if (req.url ~ "^/graphql" && req.method != "POST" && req.http.accept !~ "event-stream") {
    if (req.http.accept ~ "application/graphql-response\+json") {
      set req.http.accept = "application/graphql-response+json";
    } else {
      set req.http.accept = "application/json";
    }
  }
}

sub vcl_backend_fetch {
  if (bereq.retries > 0) {
    set bereq.backend = registries.backend();
  }
}

sub vcl_backend_response {
  set beresp.http.xkey = beresp.http.surrogate-key;
  set beresp.grace = 300s;
  # Events are passed on as they come.
  if (beresp.http.content-type ~ "event-stream") {
    set beresp.do_stream = true;
    set beresp.uncacheable = true;
  }
}

sub vcl_backend_error {
  if (bereq.retries < 1) {
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
