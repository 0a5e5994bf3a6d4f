CALL db.prepareForReplanning(300)
