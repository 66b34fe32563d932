import { startChat } from "./chat.js";
import { startFigures } from "./figures.js";
import { startLoad } from "./load.js";
import { startRequests } from "./requests.js";

startChat();
startFigures();
startLoad();
startRequests();
