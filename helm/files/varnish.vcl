vcl 4.1;

import std;
import xkey;

backend default {
  .host = "BACKEND_HOST";
  .port = "BACKEND_PORT";
  .connect_timeout = 2s;
  .first_byte_timeout = 60s;
  .between_bytes_timeout = 120s;
  .probe = {
    .url = "/v0.1/ping";
    .interval = 2s;
    .timeout = 2s;
    .window = 3;
    .threshold = 2;
    .initial = 2;
  }
}

sub vcl_recv {
  if (req.method == "PURGE") {
    if (std.getenv("PURGE_TOKEN") == "" || req.http.authorization != "Bearer " + std.getenv("PURGE_TOKEN")) {
      return (synth(403, "Forbidden"));
    }
    return (synth(200, "Purged " + xkey.purge(req.http.xkey-purge)));
  }
  # Who follows changes gets a connection of their own.
  if (req.http.accept ~ "text/event-stream") {
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
  # What is old is sent only while the registry is away.
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
  if (beresp.status >= 500) {
    set beresp.uncacheable = true;
    set beresp.ttl = 0s;
  }
}

# Another pod may answer; Varnish itself sends no request twice that writes.
sub vcl_backend_error {
  if (bereq.retries < 1 && (bereq.method == "GET" || bereq.method == "HEAD")) {
    return (retry);
  }
}

sub vcl_deliver {
  unset resp.http.xkey;
}
