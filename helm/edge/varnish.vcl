# Varnish 7 in front of two registries that run with
#   MCP_REGISTRY_CDN_KIND=varnish MCP_REGISTRY_CDN_PURGE_URL=http://<varnish>:6081 MCP_REGISTRY_CDN_PURGE_TOKEN=<token>
# and varnishd with PURGE_TOKEN=<token>. What is kept, and how, is the file that the chart has too.
# test/http/edge.test.ts runs this file, with other ports.
vcl 4.1;

import directors;

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
}

sub vcl_backend_fetch {
  if (bereq.retries > 0) {
    set bereq.backend = registries.backend();
  }
}

include "./../files/rules.vcl";
