export default function Page() {
  return <h1>Transcripts</h1>;
}
