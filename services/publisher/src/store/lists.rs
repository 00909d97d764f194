//! What pages and the API list.
