// Plain HTTP: a range of a file, a posted form, the status.

const LINE = 64;

function show(id, text) {
	const output = document.getElementById(id);
	output.textContent = text;
	output.classList.add("answered");
}

async function getLine(event) {
	event.preventDefault();
	const first = document.getElementById("range-line").valueAsNumber * LINE;
	const response = await fetch("/downloads/10MB.txt", {
		headers: { Range: `bytes=${first}-${first + LINE - 1}` },
		cache: "no-store",
	});
	const text = await response.text();
	show("range-result", `${response.status} ${response.headers.get("content-range")}\n${text.slice(0, LINE).trimEnd()}`);
}

async function getAll() {
	const start = performance.now();
	const response = await fetch("/downloads/10MB.txt", { cache: "no-store" });
	const body = await response.arrayBuffer();
	const seconds = (performance.now() - start) / 1000;
	show("range-result", `${response.status} ${body.byteLength.toLocaleString("en")} bytes\n` +
		`${(body.byteLength / 1e6 / seconds).toFixed(0)} MB per second`);
}

async function post(event) {
	event.preventDefault();
	const form = event.target;
	const response = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
	show("form-result", (await response.text()).trimEnd());
}

async function showStatus() {
	const status = await (await fetch("/api/status")).json();
	document.getElementById("status").textContent =
		`libwebsockets interface ${status.library}; ` +
		`requests: ${status.requests}, messages: ${status.messages}, up for ${status.uptime} s; ` +
		`you come from ${status.your_address}`;
}

export function startRequests() {
	document.getElementById("range-form").addEventListener("submit", getLine);
	document.getElementById("measure").addEventListener("click", getAll);
	document.getElementById("post-form").addEventListener("submit", post);
	showStatus();
}
