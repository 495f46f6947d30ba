/// <reference types="@astrojs/starlight" />
/** Lets plain TypeScript see `.astro` components; the site's own check knows their real props. */
declare module "*.astro" {
  const component: (props: Record<string, unknown>) => unknown;
  export default component;
}
