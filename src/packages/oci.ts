import { nameKey } from '../namespaces/server-name.ts';
import { parseImage } from './oci-reference.ts';
import { type Question, refused, show, type Verdict, verified } from './package.ts';
import { strayField } from './shape.ts';

const LABEL = 'io.modelcontextprotocol.server.name';
const HOSTS = 'docker.io, ghcr.io, quay.io, mcr.microsoft.com, *.pkg.dev and *.azurecr.io';

/** OCI: a label of the public image is the server's name; the digest that was seen is kept, since a tag can move. */
export async function verifyOci({ claim, serverName, registries, signal }: Question): Promise<Verdict> {
  const stray = strayField(claim, 'OCI', ['registryBaseUrl', 'version', 'fileSha256']);
  if (stray !== null) return refused(`${stray} The identifier says it all: docker.io/acme/weather:1.0.0.`);
  const shown = show(claim.identifier);
  const image = parseImage(claim.identifier);
  if (!image) return refused(`'${shown}' is no image reference, such as docker.io/acme/weather:1.0.0.`);
  if (!registries.oci.allows(image.registry)) {
    return refused(`OCI registry '${show(image.registry)}' is not supported. Push the image to one of ${HOSTS}.`);
  }
  const answer = await registries.oci.image(image, signal);
  if (answer.status === 'missing') {
    return refused(`OCI image '${shown}' does not exist in the registry. Push it first, then publish again.`);
  }
  if (answer.status !== 'found') {
    return refused(
      `OCI image '${shown}' is private or does not exist. Only public images are supported: make it public, then publish again.`,
    );
  }
  const label = Object.hasOwn(answer.labels, LABEL) ? answer.labels[LABEL] : undefined;
  if (!label) {
    return refused(
      `OCI image '${shown}' is missing required annotation. Add this to your Dockerfile: LABEL ${LABEL}="${serverName}"`,
    );
  }
  if (nameKey(label) !== nameKey(serverName)) {
    return refused(
      `OCI image ownership validation failed. Expected annotation '${LABEL}' = '${serverName}', got '${show(label)}': correct the label in your Dockerfile and push the image again, or publish this server under the other name.`,
    );
  }
  const { digest, platformDigest } = answer;
  return verified({ label, digest, platformDigest });
}
