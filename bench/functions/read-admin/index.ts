import { AppError } from "../../../supabase/functions/_shared/errors/appError.ts";
import { defineFunction } from "../../../supabase/functions/_shared/http/defineFunction.ts";
import { Note, NoteQuery, type NoteRow } from "../noteContract.ts";

export default defineFunction({
  name: "read-admin",
  summary: "Read a note with all rights",
  auth: ["publishable"],
  admin: true,
  methods: {
    GET: {
      input: NoteQuery,
      output: Note,
      handler: async ({ id }, { admin }) => {
        const [note] = await admin.sql<NoteRow>`select id, owner, body from public.notes where id = ${id}`;
        if (note === undefined) throw new AppError("not_found", `Cannot read the note as there is none with id ${id}`);
        return note;
      },
    },
  },
});
