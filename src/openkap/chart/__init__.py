"""Problems, medicines, allergies and results: facts that are yes, no or not asked, with when and who."""
