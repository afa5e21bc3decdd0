import { AppError } from "../../../supabase/functions/_shared/errors/appError.ts";
import { defineFunction } from "../../../supabase/functions/_shared/http/defineFunction.ts";
import { Note, NoteQuery, type NoteRow } from "../noteContract.ts";

export default defineFunction({
  name: "read-own",
  summary: "Read a note under its owner's claims",
  auth: ["user"],
  methods: {
    GET: {
      input: NoteQuery,
      output: Note,
      handler: async ({ id }, { db }) => {
        const [note] = await db.sql<NoteRow>`select id, owner, body from public.notes where id = ${id}`;
        if (note === undefined) throw new AppError("not_found", `Cannot read the note as there is none with id ${id}`);
        return note;
      },
    },
  },
});
