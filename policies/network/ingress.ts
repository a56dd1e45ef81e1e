import { kindsOf } from "../kubernetes/kinds.ts";

/** Ingresses, in the group they are in and in those that others write by mistake or have left over. */
export const isIngress = kindsOf("(?:networking.k8s.io|extensions|core)", "Ingress");
