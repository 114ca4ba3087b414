// Claims that hold every word that is searched, by id, place, sentence or formula.
const wanted = new URLSearchParams(location.search).get("q") || "";
const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
const field = document.querySelector("input[type=search]");
field.value = wanted;
if (words.length) {
  const found = CLAIMS.filter(c => words.every(w => c.slice(1).join(" ").toLowerCase().includes(w)));
  document.getElementById("count").textContent = found.length + (found.length === 1 ? " claim" : " claims");
  for (const [address, id, verdict, where, sentence] of found) {
    const item = document.createElement("li"), link = document.createElement("a");
    link.href = address;
    link.textContent = id;
    item.append(link, ` ${verdict} · ${where} · ${sentence}`);
    document.getElementById("found").append(item);
  }
}
