vcl 4.1;

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

include "./rules.vcl";
