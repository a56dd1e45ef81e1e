import { describe, expect, it } from "vitest";
import { Project, type ProjectArgs } from "../../components/project/project.ts";
import { record, resolved } from "./harness.ts";
import { itRefuses } from "./refusals.ts";

const sound: ProjectArgs = { environment: "staging", members: ["do:dbaas:1", "do:space:media"] };
const make = (args: Partial<ProjectArgs> = {}) => new Project("whisper-staging", { ...sound, ...args });

describe("a project", () => {
  it("holds its members apart from itself", async () => {
    const recording = await record(() => make());
    expect(recording.named("whisper-staging-project").inputs).toMatchObject({
      name: "whisper-staging-project",
      environment: "Staging",
      purpose: "Service or API",
      description: "AI transcription platform, staging",
    });
    expect(recording.named("whisper-staging-project").ignoreChanges).toEqual(["resources"]);
    expect(recording.named("whisper-staging-members").inputs).toEqual({
      project: "whisper-staging-project-id",
      resources: ["do:dbaas:1", "do:space:media"],
    });
    expect(await resolved(recording.result.projectId)).toBe("whisper-staging-project-id");
  });

  it("says what it is told to say of itself", async () => {
    const recording = await record(() => make({ environment: "production", description: "the real one" }));
    expect(recording.named("whisper-staging-project").inputs).toMatchObject({
      environment: "Production",
      description: "the real one",
    });
  });

  itRefuses<ProjectArgs>(make, [
    ["an unknown environment", { environment: "prod" }, ["environment"]],
    ["a description too long to keep", { description: "x".repeat(256) }, ["description"]],
  ]);
});
