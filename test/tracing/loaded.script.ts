// Says at the end how many packages of OpenTelemetry the program has asked for, but for the API, which prom-client has anyway.
import { registerHooks } from 'node:module';

let loaded = 0;

registerHooks({
  resolve: (specifier, context, next) => {
    if (specifier.startsWith('@opentelemetry/') && specifier !== '@opentelemetry/api') loaded += 1;
    return next(specifier, context);
  },
});

process.on('exit', () => console.log(`LOADED ${loaded}`));
