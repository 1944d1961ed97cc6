import type { DescExtension, DescFile, DescService } from "@bufbuild/protobuf";
import { nestedTypes } from "@bufbuild/protobuf/reflect";

/** Finds the files that describe services, by name and by what stands in them. */
export interface DescriptorIndex {
  /** Full names of the services. */
  readonly services: readonly string[];
  file(name: string): DescFile | undefined;
  /** The file in which a service, method, message, field, enum or extension stands, by its full name. */
  fileOfSymbol(symbol: string): DescFile | undefined;
  /** The extensions of a message. Undefined when the message is unknown. */
  extensionsOf(message: string): readonly DescExtension[] | undefined;
}

/** Indexes the services' files and everything that they import. */
export function indexDescriptors(services: readonly DescService[]): DescriptorIndex {
  const files = new Map<string, DescFile>();
  const symbols = new Map<string, DescFile>();
  const extensions = new Map<string, DescExtension[]>();

  function add(file: DescFile): void {
    if (files.has(file.proto.name)) return;
    files.set(file.proto.name, file);
    for (const type of nestedTypes(file)) {
      symbols.set(type.typeName, file);
      if (type.kind === "message") {
        if (!extensions.has(type.typeName)) extensions.set(type.typeName, []);
        for (const member of [...type.fields, ...type.oneofs]) {
          symbols.set(`${type.typeName}.${member.name}`, file);
        }
      } else if (type.kind === "service") {
        for (const method of type.methods) symbols.set(`${type.typeName}.${method.name}`, file);
      } else if (type.kind === "extension") {
        const extendee = type.extendee.typeName;
        extensions.set(extendee, [...(extensions.get(extendee) ?? []), type]);
      }
    }
    file.dependencies.forEach(add);
  }
  for (const service of services) add(service.file);

  return {
    services: services.map((service) => service.typeName),
    file: (name) => files.get(name),
    fileOfSymbol: (symbol) => symbols.get(symbol),
    extensionsOf: (message) => extensions.get(message),
  };
}
