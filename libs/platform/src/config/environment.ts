import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';

const VARIABLES = Symbol('environment variables');

interface Variable {
  property: string;
  name: string;
  fallback: string | undefined;
}

/** Says which environment variable fills a property of a configuration class, and its default where there is one. */
export function Env(name: string, fallback?: string): PropertyDecorator {
  return (target, property) => {
    const known = (Reflect.getMetadata(VARIABLES, target) as Variable[] | undefined) ?? [];
    Reflect.defineMetadata(VARIABLES, [...known, { property: String(property), name, fallback }], target);
  };
}

/**
 * Fills and checks a configuration class from the environment. All problems are told at once, by variable name, so
 * that a wrong deployment is corrected in one go. Values are never part of the message: they may be secrets.
 */
export function readConfig<T extends object>(type: new () => T, environment: NodeJS.ProcessEnv = process.env): T {
  const variables = (Reflect.getMetadata(VARIABLES, type.prototype as object) as Variable[] | undefined) ?? [];
  const plain: Record<string, string> = {};
  for (const { property, name, fallback } of variables) {
    const value = environment[name] ?? fallback;
    if (value !== undefined) plain[property] = value;
  }
  const config = plainToInstance(type, plain, { enableImplicitConversion: true });
  const problems = validateSync(config, { skipMissingProperties: false }).map((error) => {
    const name = variables.find((variable) => variable.property === error.property)?.name ?? error.property;
    return `${name}: ${Object.values(error.constraints ?? { invalid: 'is not valid' }).join(', ')}`;
  });
  if (problems.length > 0) throw new Error(`The environment is not complete:\n  ${problems.join('\n  ')}`);
  return config;
}
