import { connect } from "./socket.js";

const SPAN = 60; // seconds
const section = document.getElementById("figures");

function scaled(value, units, step) {
	let unit = 0;
	while (value >= step && unit < units.length - 1) {
		value /= step;
		unit++;
	}
	const digits = value >= 100 || Number.isInteger(value) ? 0 : 1;
	return [value.toFixed(digits), units[unit]];
}

const count = (value) => scaled(value, ["", "k", "M"], 1000);
const percent = (value) => [value.toFixed(Number.isInteger(value) ? 0 : 1), "% of a core"];
const bytes = (value) => scaled(value, ["B", "kB", "MB", "GB"], 1000);

const kinds = [
	{ key: "connections", name: "Connections", least: 4, format: count },
	{ key: "messages", name: "Messages", least: 10, suffix: "/s", format: count },
	{ key: "bytes", name: "Payload", least: 1000, suffix: "/s", format: bytes },
	{ key: "requests", name: "Requests", least: 10, suffix: "/s", format: count },
	{ key: "cpu", name: "CPU", least: 10, format: percent },
	{ key: "rss", name: "Memory", least: 1e6, format: bytes },
];

const samples = [];
let pointedAt = null; // a fraction of the width while the pointer is over a graph

function makeTile(kind) {
	const tile = document.createElement("div");
	const head = document.createElement("div");
	const name = document.createElement("span");

	tile.className = "tile";
	head.className = "tile-head";
	name.className = "tile-name";
	name.textContent = kind.name;
	kind.value = document.createElement("span");
	kind.value.className = "tile-value";
	kind.canvas = document.createElement("canvas");
	kind.canvas.setAttribute("role", "img");
	head.append(name, kind.value);
	tile.append(head, kind.canvas);

	kind.canvas.addEventListener("pointermove", (event) => {
		pointedAt = event.offsetX / kind.canvas.clientWidth;
		draw();
	});
	kind.canvas.addEventListener("pointerleave", () => {
		pointedAt = null;
		draw();
	});
	return tile;
}

function showValue(kind, sample) {
	const [number, unit] = kind.format(sample[kind.key]);
	const small = document.createElement("small");

	small.textContent = " " + unit + (kind.suffix ?? "");
	kind.value.replaceChildren(number, small);
	kind.canvas.ariaLabel = `${kind.name}: ${number} ${unit}${kind.suffix ?? ""}, with a graph of the last minute`;
}

// The smallest of 1, 2, 5 times a power of ten that is not below value.
function niceCeiling(value) {
	const power = 10 ** Math.floor(Math.log10(value));
	return [1, 2, 5, 10].map((factor) => factor * power).find((ceiling) => ceiling >= value * 0.999);
}

function prepare(canvas) {
	const ratio = window.devicePixelRatio || 1;
	const width = canvas.clientWidth, height = canvas.clientHeight;

	if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
		canvas.width = Math.round(width * ratio);
		canvas.height = Math.round(height * ratio);
	}
	const paint = canvas.getContext("2d");
	paint.setTransform(ratio, 0, 0, ratio, 0, 0);
	paint.clearRect(0, 0, width, height);
	return { paint, width, height };
}

function drawGraph(kind, end, colours) {
	const { paint, width, height } = prepare(kind.canvas);
	const top = 16, bottom = height - 3, right = width - 5;
	const ceiling = niceCeiling(Math.max(kind.least, ...samples.map((sample) => sample[kind.key])));
	const x = (sample) => right - (end - sample.time) / SPAN * right;
	const y = (sample) => bottom - sample[kind.key] / ceiling * (bottom - top);
	const [number, unit] = kind.format(ceiling);

	paint.lineWidth = 1;
	paint.strokeStyle = colours.line;
	for (const level of [top, (top + bottom) / 2, bottom]) {
		paint.beginPath();
		paint.moveTo(0, Math.round(level) + 0.5);
		paint.lineTo(width, Math.round(level) + 0.5);
		paint.stroke();
	}
	paint.fillStyle = colours.muted;
	paint.font = "11px system-ui, sans-serif";
	paint.fillText(`${number} ${unit}${kind.suffix ?? ""}`, 0, top - 5);

	if (!samples.length)
		return;
	paint.beginPath();
	for (const sample of samples)
		paint.lineTo(x(sample), y(sample));
	paint.lineWidth = 2;
	paint.lineJoin = "round";
	paint.strokeStyle = colours.accent;
	paint.stroke();
	paint.lineTo(right, bottom);
	paint.lineTo(x(samples[0]), bottom);
	paint.fillStyle = colours.area;
	paint.fill();

	const marked = pointed(end) ?? samples.at(-1);
	if (pointedAt !== null) {
		paint.lineWidth = 1;
		paint.strokeStyle = colours.muted;
		paint.beginPath();
		paint.moveTo(x(marked), top);
		paint.lineTo(x(marked), bottom);
		paint.stroke();
	}
	paint.beginPath();
	paint.arc(x(marked), y(marked), 4, 0, 2 * Math.PI);
	paint.fillStyle = colours.accent;
	paint.strokeStyle = colours.card;
	paint.lineWidth = 2;
	paint.fill();
	paint.stroke();
	showValue(kind, marked);
}

function pointed(end) {
	if (pointedAt === null)
		return null;
	const time = end - (1 - pointedAt) * SPAN;
	return samples.reduce((best, sample) =>
		Math.abs(sample.time - time) < Math.abs(best.time - time) ? sample : best);
}

function draw() {
	const style = getComputedStyle(document.documentElement);
	const colours = Object.fromEntries(["accent", "area", "card", "line", "muted"].map((name) =>
		[name, style.getPropertyValue("--" + name)]));
	const end = samples.length ? samples.at(-1).time : 0;

	for (const kind of kinds)
		drawGraph(kind, end, colours);
}

export function startFigures() {
	let pending = false;

	document.getElementById("tiles").append(...kinds.map(makeTile));
	draw();
	window.addEventListener("resize", draw);
	matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
	connect("golws-figures", {
		opened() {
			samples.length = 0;
		},
		received(sample) {
			samples.push(sample);
			while (sample.time - samples[0].time > SPAN)
				samples.shift();
			section.dataset.samples = Number(section.dataset.samples) + 1;
			if (pending)
				return;
			pending = true;
			requestAnimationFrame(() => {
				pending = false;
				draw();
			});
		},
	});
}
