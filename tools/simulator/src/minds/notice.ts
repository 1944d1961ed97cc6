/** What every model says to a question that the simulation does not know. No number or option that could be a vote. */
export const SIMULATION_NOTICE =
  "This is a simulation: no real language model was asked. The simulated models know only a bank of questions with known " +
  "answers, and sums of whole numbers. To ask real models, set OPENROUTER_API_KEY or GROQ_API_KEY in the environment or " +
  "in the file .env, and start Synod again.";
