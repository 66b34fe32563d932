// Several connections send messages back and forth for a few seconds, to give the graphs something to show.

import { connectOnce } from "./socket.js";

const CONNECTIONS = 8, IN_FLIGHT = 16, SECONDS = 5;
const button = document.getElementById("load");
const result = document.getElementById("load-result");

function run() {
	const message = "x".repeat(128);
	const sockets = [];
	const start = performance.now();
	let echoed = 0;

	button.disabled = true;
	result.textContent = "";
	for (let i = 0; i < CONNECTIONS; i++) {
		const socket = connectOnce("golws-echo");
		socket.onopen = () => {
			for (let j = 0; j < IN_FLIGHT; j++)
				socket.send(message);
		};
		socket.onmessage = () => {
			echoed++;
			if (performance.now() - start < SECONDS * 1000)
				socket.send(message);
		};
		sockets.push(socket);
	}

	setTimeout(() => {
		for (const socket of sockets)
			socket.close();
		button.disabled = false;
		result.textContent = `${Math.round(echoed / SECONDS).toLocaleString("en")} messages echoed per second`;
	}, SECONDS * 1000 + 200);
}

export function startLoad() {
	button.addEventListener("click", run);
}
